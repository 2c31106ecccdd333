-- One row is one account: a masto.Record. Lists are JSON arrays, NULL is null.
-- Names and ids are compared byte by byte: an index in the order of a language
-- breaks when the C library changes that order.
CREATE TABLE masto_accounts (
	id                    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	username              TEXT NOT NULL,
	domain                TEXT NOT NULL, -- '' is a local account
	username_key          TEXT COLLATE "C" NOT NULL, -- the names without regard to case, written by the program
	domain_key            TEXT COLLATE "C" NOT NULL,
	url                   TEXT NOT NULL,
	uri                   TEXT NOT NULL,

	display_name          TEXT NOT NULL,
	note                  TEXT NOT NULL,
	fields                JSONB NOT NULL, -- [{"name", "value", "verified_at"}], times with their own offset
	avatar                TEXT NOT NULL,
	avatar_static         TEXT NOT NULL,
	avatar_description    TEXT NOT NULL,
	header                TEXT NOT NULL,
	header_static         TEXT NOT NULL,
	header_description    TEXT NOT NULL,
	locked                BOOLEAN NOT NULL,
	bot                   BOOLEAN NOT NULL,
	hide_collections      BOOLEAN,
	discoverable          BOOLEAN,
	indexable             BOOLEAN NOT NULL,
	show_media            BOOLEAN NOT NULL,
	show_media_replies    BOOLEAN NOT NULL,
	show_featured         BOOLEAN NOT NULL,
	attribution_domains   JSONB NOT NULL, -- ["a.example"]
	featured_tags         JSONB NOT NULL, -- [{"id", "name", "url", "statuses_count", "last_status_at"}]

	posting_privacy       TEXT NOT NULL,
	posting_sensitive     BOOLEAN NOT NULL,
	posting_language      TEXT,
	posting_quote_policy  TEXT NOT NULL,

	is_group              BOOLEAN NOT NULL,
	suspended             BOOLEAN NOT NULL,
	limited               BOOLEAN NOT NULL,
	memorial              BOOLEAN NOT NULL,
	invalid_handle        BOOLEAN NOT NULL,
	noindex               BOOLEAN,
	created_at            TIMESTAMPTZ,
	last_status_at        TIMESTAMPTZ,
	followers_count       BIGINT NOT NULL,
	following_count       BIGINT NOT NULL,
	statuses_count        BIGINT NOT NULL,
	follow_requests_count BIGINT NOT NULL,
	role                  JSONB, -- {"id", "name", "color", "permissions", "highlighted", "collection_limit"}
	email_subscriptions   BOOLEAN,
	moved_to_id           TEXT COLLATE "C", -- another account's id

	UNIQUE (username_key, domain_key)
);
