// A session of tsl-mastodon-api with the server at MASTO_SERVER, by the token
// MASTO_TOKEN. It has a method for one's own account alone; the others are its
// general ones, which send JSON-like parameters as a multipart form.
import assert from "node:assert/strict";

import { API } from "tsl-mastodon-api";

import { picture, rowsOf, run, server, sizeOf, token } from "./steps.js";

const connect = (access_token) => new API({ access_token, api_url: `${server}/api/v1/` });
const client = connect(token);
const own = async () => (await client.getAccount()).json;

async function updated(params) {
  const { status, json } = await client.rest.patch("accounts/update_credentials", params);
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(json, await own());
  return json;
}

await run({
  async instance() {
    const { json } = await client.get("instance");
    assert.equal(json.configuration.statuses.max_characters, 500);
  },

  async "own account"() {
    assert.equal((await own()).display_name, "Demo");
  },

  async "another account"() {
    const { json: bob } = await client.get("accounts/lookup", { acct: "bob" });
    assert.equal(bob.display_name, "Bob");
    assert.deepEqual((await client.get(`accounts/${bob.id}`)).json, bob);
    assert.equal((await client.get("accounts/404")).status, 404);
  },

  async "texts and choices"() {
    const account = await updated({
      display_name: "Ærø 🍄",
      note: "Hello",
      locked: true,
      "source[language]": "pt-BR",
      "fields_attributes[0][name]": "Site",
      "fields_attributes[0][value]": "https://spore.io",
    });
    assert.equal(account.display_name, "Ærø 🍄");
    assert.equal(account.source.note, "Hello");
    assert.equal(account.locked, true);
    assert.equal(account.source.language, "pt-BR");
    assert.deepEqual(rowsOf(account.source), [["Site", "https://spore.io"]]);
  },

  async pictures() {
    const account = await updated({ avatar: picture, header: picture });
    assert.deepEqual(await sizeOf(account.avatar), [400, 400]);
    assert.deepEqual(await sizeOf(account.header), [1, 1]);
    for (const kind of ["avatar", "header"]) {
      const { status, json } = await client.delete(`profile/${kind}`);
      assert.equal(status, 200);
      assert.match(json[kind], /missing\.png$/);
    }
  },

  async clears() {
    const account = await updated({
      display_name: "",
      note: "",
      locked: false,
      "fields_attributes[0][name]": "",
      "fields_attributes[0][value]": "",
    });
    assert.equal(account.display_name, "");
    assert.equal(account.source.note, "");
    assert.equal(account.locked, false);
    assert.deepEqual(account.fields, []);
  },

  async "refused with details"() {
    const before = await own();
    const { status, json } = await client.rest.patch("profile", { note: "x".repeat(501), display_name: "New" });
    assert.equal(status, 422);
    assert.equal(json.details.note[0].error, "ERR_TOO_LONG");
    assert.deepEqual(await own(), before);
  },

  async "unknown token"() {
    await assert.rejects(connect("guessed").getAccount(), (result) => result.status === 401);
  },
});
