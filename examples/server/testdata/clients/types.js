// Checks what the server at MASTO_SERVER answers against the types that clients
// in TypeScript declare. The answers are written as literals into a program,
// which the compiler checks. Members that a client does not know are allowed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { picture, run, server, token } from "./steps.js";

const headers = { Authorization: `Bearer ${token}` };

async function answer(path, init) {
  const response = await fetch(server + path, { headers, ...init });
  assert.equal(response.status, 200, path);
  return response.json();
}

// camel renames members as masto.js does before it hands them to its caller.
function camel(value) {
  if (Array.isArray(value)) {
    return value.map(camel);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase()), camel(v)]),
  );
}

const answers = {};
const lines = [];

// expect adds a check to the program. Omitted are members in which Mastodon
// itself sends otherwise than the client's type says.
function expect(type, value, ...omitted) {
  const name = `answer${lines.length}`;
  const keys = omitted.map((key) => JSON.stringify(key)).join(" | ") || "never";
  lines.push(`const ${name} = ${JSON.stringify(value)} as const;`, `check<Omit<${type}, ${keys}>>(${name});`);
}

await run({
  async "fetch the answers"() {
    const body = new FormData();
    const update = {
      avatar: picture,
      header: picture,
      note: "Hello #fungi https://spore.io",
      "fields_attributes[0][name]": "Site",
      "fields_attributes[0][value]": "https://spore.io",
      "attribution_domains[]": "spore.io",
    };
    for (const [name, value] of Object.entries(update)) {
      body.append(name, value);
    }
    answers.profile = await answer("/api/v1/profile", { method: "PATCH", body });
    answers.own = await answer("/api/v1/accounts/verify_credentials");
    answers.account = await answer("/api/v1/accounts/lookup?acct=bob");
    answers.instance = await answer("/api/v1/instance");
    answers.instance2 = await answer("/api/v2/instance");
  },

  compile() {
    lines.push(
      'import type { mastodon as masto8 } from "masto";',
      'import type { mastodon as masto7 } from "masto7";',
      'import type * as tsl from "tsl-mastodon-api";',
      'import type { Account } from "../node_modules/megalodon/lib/esm/mastodon/entities/account.js";',
      'import type { Instance } from "../node_modules/megalodon/lib/esm/mastodon/entities/instance.js";',
      "type Read<T> = T extends object ? { readonly [K in keyof T]: Read<T[K]> } : T;",
      "declare function check<T>(value: Read<T>): void;",
    );
    // Mastodon sends null in last_status_at, discoverable and urls.status, and
    // of a thumbnail only the address where a server has no picture of its own.
    // The contact is an account again. masto.js takes the version of the API for
    // a text and has the member current_user not renamed, masto.js 7 has no type
    // for a profile, and megalodon calls a limit video_frame_limit, which no
    // server does.
    for (const client of ["masto8", "masto7"]) {
      expect(`${client}.v1.Account`, camel(answers.own), "lastStatusAt", "featureApproval");
      expect(`${client}.v1.Account`, camel(answers.account), "lastStatusAt", "featureApproval");
      expect(`${client}.v1.Instance`, camel(answers.instance), "contactAccount");
      expect(`${client}.v2.Instance`, camel(answers.instance2), "thumbnail", "contact", "configuration", "apiVersions");
      expect(`${client}.v2.Instance["configuration"]`, camel(answers.instance2.configuration), "urls");
    }
    expect("masto8.v1.Profile", camel(answers.profile));
    for (const account of [answers.own, answers.account]) {
      expect("tsl.JSON.Account", account, "discoverable", "last_status_at");
      expect("Partial<Account>", account, "discoverable");
    }
    expect("Instance", answers.instance, "configuration", "contact_account");
    expect('Instance["configuration"]', answers.instance.configuration, "media_attachments");
    // A check that accepts anything would show nothing.
    lines.push("// @ts-expect-error", 'check<masto8.v1.Profile>({ id: 1 } as const);');

    const folder = mkdtempSync("types-");
    try {
      const program = join(folder, "answers.mts");
      writeFileSync(program, lines.join("\n"));
      const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
      options.push("--lib", "es2022,dom,dom.iterable,esnext.disposable");
      execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", ...options, program], { encoding: "utf8" });
    } catch (error) {
      throw new Error(`${error.stdout ?? ""}${error.message}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});
