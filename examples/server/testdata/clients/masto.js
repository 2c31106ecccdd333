// A session of masto.js with the server at MASTO_SERVER, by the token
// MASTO_TOKEN. The argument is the version of masto.js: masto or masto7.
import assert from "node:assert/strict";

import { picture, rowsOf, run, server as url, sizeOf, token as accessToken } from "./steps.js";

const version = process.argv[2];
const { createRestAPIClient, MastoHttpError } = await import(version);
const masto = createRestAPIClient({ url, accessToken });
const { profile, accounts } = masto.v1;

// updated sends an update, compares what is answered with what is there, and
// returns it.
async function updated(params) {
  const answer = await profile.update(params);
  assert.deepEqual(answer, await profile.fetch());
  return answer;
}

await run({
  async fetch() {
    const p = await profile.fetch();
    assert.equal(p.displayName, "Demo");
    assert.equal(p.avatar, null);
    assert.equal(p.fields.length, 2);
  },

  async instance() {
    const instance = await masto.v2.instance.fetch();
    assert.equal(instance.apiVersions.mastodon, 11);
    assert.equal(instance.configuration.accounts.maxDisplayNameLength, 40);
    assert.equal((await masto.v1.instance.fetch()).version, instance.version);
  },

  async "another account"() {
    const bob = await accounts.lookup({ acct: "bob" });
    assert.equal(bob.displayName, "Bob");
    assert.deepEqual(await accounts.$select(bob.id).fetch(), bob);
    await assert.rejects(accounts.lookup({ acct: "nobody" }), { statusCode: 404 });
  },

  async texts() {
    const p = await updated({
      displayName: "Ærø 🍄",
      note: "Hello #fungi\n\nhttps://spore.io",
      avatarDescription: "A face",
      headerDescription: "A hill",
    });
    assert.equal(p.displayName, "Ærø 🍄");
    // masto.js 8 sends a form, which has lines end in CR LF; servers keep the
    // text as it was sent.
    assert.equal(p.note.replaceAll("\r\n", "\n"), "Hello #fungi\n\nhttps://spore.io");
    assert.equal(p.avatarDescription, "A face");
    assert.equal(p.headerDescription, "A hill");
    assert.equal(p.fields.length, 2, "what was not sent stays");
  },

  async booleans() {
    const all = {
      locked: true,
      bot: true,
      discoverable: false,
      hideCollections: true,
      indexable: true,
      showMedia: false,
      showMediaReplies: false,
      showFeatured: false,
    };
    const p = await updated(all);
    for (const [name, value] of Object.entries(all)) {
      assert.equal(p[name], value, name);
    }
  },

  async rows() {
    const rows = [
      { name: "Site", value: "https://spore.io" },
      { name: "Pronouns", value: "they/them" },
      { name: "Likes", value: "porcini & co." },
    ];
    const p = await updated({ fieldsAttributes: rows });
    assert.deepEqual(rowsOf(p), rows.map(({ name, value }) => [name, value]));
    const fewer = await updated({ fieldsAttributes: rows.slice(1) });
    assert.equal(fewer.fields.length, 2, "the list replaces the one before");
  },

  async "attribution domains"() {
    const domains = ["spore.io", "loaf.io"];
    const p = await updated({ attributionDomains: domains });
    assert.deepEqual(p.attributionDomains, domains);
  },

  async files() {
    const files = { avatar: picture, header: picture };
    // masto.js 7 does not know that the profile method takes files.
    await (version === "masto7" ? accounts.updateCredentials(files) : profile.update(files));
    const p = await profile.fetch();
    assert.deepEqual(await sizeOf(p.avatar), [400, 400]);
    assert.deepEqual(await sizeOf(p.header), [1, 1]);
    assert.equal(p.avatarStatic, p.avatar);
    assert.equal(p.headerStatic, p.header);
    assert.equal(p.avatarDescription, "A face");
  },

  async "the account tells the same"() {
    const account = await accounts.verifyCredentials();
    const p = await profile.fetch();
    assert.equal(account.displayName, p.displayName);
    assert.equal(account.source.note, p.note);
    assert.equal(account.avatar, p.avatar);
    assert.deepEqual(account.source.attributionDomains, p.attributionDomains);
    assert.deepEqual(rowsOf(account.source), rowsOf(p));
  },

  async "nothing sent, nothing changed"() {
    const before = await profile.fetch();
    assert.deepEqual(await updated({}), before);
  },

  async "avatar removed"() {
    const before = await profile.fetch();
    const account = await profile.avatar.remove();
    assert.match(account.avatar, /missing\.png$/);
    const p = await profile.fetch();
    assert.equal(p.avatar, null);
    assert.equal(p.header, before.header);
  },

  async "header removed"() {
    const account = await profile.header.remove();
    assert.match(account.header, /missing\.png$/);
    assert.equal((await profile.fetch()).header, null);
    await profile.header.remove(); // removed twice is removed
  },

  // An empty list has nothing that a form of masto.js could carry: a blank
  // element stands for it.
  async clears() {
    const p = await updated({
      displayName: "",
      note: "",
      avatarDescription: "",
      headerDescription: "",
      locked: false,
      bot: false,
      fieldsAttributes: [{ name: "", value: "" }],
      attributionDomains: [""],
    });
    for (const name of ["displayName", "note", "avatarDescription", "headerDescription"]) {
      assert.equal(p[name], "", name);
    }
    assert.equal(p.locked, false);
    assert.equal(p.bot, false);
    assert.deepEqual(p.fields, []);
    assert.deepEqual(p.attributionDomains, []);
  },

  async "update_credentials"() {
    const account = await accounts.updateCredentials({
      displayName: "Demo",
      avatar: picture,
      fieldsAttributes: [{ name: "Site", value: "https://spore.io" }],
      source: { privacy: "unlisted", sensitive: true, language: "pt-BR" },
    });
    assert.equal(account.displayName, "Demo");
    assert.equal(account.source.privacy, "unlisted");
    assert.equal(account.source.sensitive, true);
    assert.equal(account.source.language, "pt-BR");
    assert.deepEqual(rowsOf(account.source), [["Site", "https://spore.io"]]);
  },

  async "refused with details"() {
    const before = await profile.fetch();
    await assert.rejects(profile.update({ note: "x".repeat(501), displayName: "New" }), (error) => {
      assert.ok(error instanceof MastoHttpError);
      assert.equal(error.statusCode, 422);
      assert.equal(error.details.note[0].error, "ERR_TOO_LONG");
      return true;
    });
    assert.deepEqual(await profile.fetch(), before);
  },

  async "unknown token"() {
    const stranger = createRestAPIClient({ url, accessToken: "guessed" });
    await assert.rejects(stranger.v1.profile.fetch(), { statusCode: 401 });
  },
});
