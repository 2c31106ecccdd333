// A session of megalodon with the server at MASTO_SERVER, by the token
// MASTO_TOKEN. megalodon updates by update_credentials, in JSON; it cannot send
// an empty text, remove a picture, or set what Mastodon added since 4.0.
import assert from "node:assert/strict";

import generator, { detector } from "megalodon";

import { png, rowsOf, run, server, sizeOf, token } from "./steps.js";

const client = generator.default ? generator.default("mastodon", server, token) : generator("mastodon", server, token);
const own = async () => (await client.verifyAccountCredentials()).data;
const uri = `data:image/png;base64,${png.toString("base64")}`;

async function updated(options) {
  const { data } = await client.updateCredentials(options);
  assert.deepEqual(data, await own());
  return data;
}

await run({
  async "detects the server"() {
    assert.equal(await detector(server), "mastodon");
  },

  async instance() {
    const { data } = await client.getInstance();
    assert.match(data.uri, /^localhost:/);
    assert.equal(data.configuration.statuses.max_characters, 500);
  },

  async "own account"() {
    const account = await own();
    assert.equal(account.display_name, "Demo");
    assert.equal(account.source.fields.length, 2);
  },

  async "another account"() {
    const { data: bob } = await client.lookupAccount("bob");
    assert.equal(bob.display_name, "Bob");
    assert.deepEqual((await client.getAccount(bob.id)).data, bob);
    await assert.rejects(client.getAccount("404"), (error) => error.response.status === 404);
  },

  async "every attribute set"() {
    const account = await updated({
      display_name: "Ærø 🍄",
      note: "Hello\n\nhttps://spore.io",
      locked: true,
      bot: true,
      discoverable: false,
      fields_attributes: [
        { name: "Site", value: "https://spore.io" },
        { name: "Pronouns", value: "they/them" },
      ],
      source: { privacy: "unlisted", sensitive: true, language: "zh-TW" },
    });
    assert.equal(account.display_name, "Ærø 🍄");
    assert.equal(account.source.note, "Hello\n\nhttps://spore.io");
    assert.match(account.note, /<a href="https:\/\/spore\.io"/);
    assert.equal(account.locked, true);
    assert.equal(account.bot, true);
    assert.equal(account.discoverable, false);
    assert.deepEqual(rowsOf(account.source), [["Site", "https://spore.io"], ["Pronouns", "they/them"]]);
    assert.equal(account.source.privacy, "unlisted");
    assert.equal(account.source.sensitive, true);
    assert.equal(account.source.language, "zh-TW");
  },

  async "what can be cleared"() {
    const account = await updated({
      locked: false,
      bot: false,
      fields_attributes: [{ name: "", value: "" }],
      source: { sensitive: false, privacy: "public" },
    });
    assert.equal(account.locked, false);
    assert.equal(account.bot, false);
    assert.deepEqual(account.fields, []);
    assert.equal(account.display_name, "Ærø 🍄", "what was not sent stays");
  },

  async pictures() {
    const account = await updated({ avatar: uri, header: uri });
    assert.deepEqual(await sizeOf(account.avatar), [400, 400]);
    assert.deepEqual(await sizeOf(account.header), [1, 1]);
  },

  async "refused with details"() {
    const before = await own();
    await assert.rejects(client.updateCredentials({ note: "x".repeat(501), display_name: "New" }), (error) => {
      assert.equal(error.response.status, 422);
      assert.equal(error.response.data.details.note[0].error, "ERR_TOO_LONG");
      return true;
    });
    assert.deepEqual(await own(), before);
  },

  async "unknown token"() {
    const make = generator.default ?? generator;
    const stranger = make("mastodon", server, "guessed");
    await assert.rejects(stranger.verifyAccountCredentials(), (error) => error.response.status === 401);
  },
});
