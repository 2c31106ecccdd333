// What the sessions of all clients share.
import assert from "node:assert/strict";

export const { MASTO_SERVER: server, MASTO_TOKEN: token } = process.env;

// A PNG of one pixel.
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
export const picture = new Blob([png], { type: "image/png" });

// run runs the steps, which build on each other. Each prints its name, and the
// first that fails ends the session.
export async function run(steps) {
  for (const [name, step] of Object.entries(steps)) {
    await step();
    console.log("ok", name);
  }
  console.log("ok the last step");
}

export const rowsOf = ({ fields }) => fields.map(({ name, value }) => [name, value]);

// sizeOf fetches a picture, which is a PNG, and returns its width and height.
export async function sizeOf(address) {
  const response = await fetch(address);
  assert.equal(response.status, 200, address);
  assert.equal(response.headers.get("Content-Type"), "image/png");
  const header = new DataView(await response.arrayBuffer(), 16);
  return [header.getUint32(0), header.getUint32(4)];
}
