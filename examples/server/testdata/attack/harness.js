// Runs in the browser, in a page that does nothing else: it loads documents
// into frames, provokes what waits for a user, and looks at what came of them.
"use strict";

// What the library and the pages may put where people write.
const tags = new Set(["A", "B", "BLOCKQUOTE", "BR", "CODE", "DEL", "EM", "I", "IMG", "LI", "OL", "P", "PRE", "S", "SPAN",
	"STRONG", "U", "UL"]);
const attributes = new Set(["href", "rel", "target", "translate", "class", "src", "alt", "title", "draggable", "width",
	"height", "data-original", "data-static", "start", "reversed", "value", "lang"]);
const classes = new Set(["mention", "hashtag", "u-url", "h-card", "ellipsis", "invisible", "emojione", "custom-emoji"]);
const slots = ".name bdi, .handle bdi, .badge bdi, .note, .field dt bdi, .field dd bdi";

// provoke does what a user might do: it raises each event that an element waits
// for, and follows each link that does not lead to the web.
function provoke(root) {
	for (const element of root.querySelectorAll("*")) {
		for (const {name} of element.attributes) {
			if (name.startsWith("on")) element.dispatchEvent(new Event(name.slice(2)));
		}
		const address = element.getAttribute("href") || element.getAttribute("xlink:href");
		if (address && !/^(https?:|[/?#])/i.test(address) && element.matches("a, a *, math *, [href]")) {
			element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
		}
	}
}

// inspect returns what is in a place that has no right to be there.
function inspect(place) {
	const wrong = [];
	for (const element of place.querySelectorAll("*")) {
		if (!tags.has(element.tagName)) wrong.push(element.tagName);
		for (const {name, value} of element.attributes) {
			if (!attributes.has(name)) wrong.push(element.tagName + " " + name);
			if (name === "href" && !/^(https?|dat|dweb|ipfs|ipns|ssb|gopher|xmpp|magnet|gemini):/.test(value)) wrong.push(value);
			if (name === "src" && !/^http:\/\/localhost:\d+\/emoji\/spore\.png$/.test(value)) wrong.push(value);
		}
		for (const name of element.classList) if (!classes.has(name)) wrong.push("class " + name);
	}
	return wrong;
}

// skeleton returns a document without what people wrote: the same for all.
function skeleton(root) {
	const copy = root.documentElement.cloneNode(true);
	for (const place of copy.querySelectorAll(slots)) place.replaceChildren();
	for (const gone of copy.querySelectorAll("title, meta, link, .note, .count, .problem, .link, .base, #status, .notice")) gone.remove();
	for (const input of copy.querySelectorAll("textarea")) input.replaceChildren();
	for (const h1 of copy.querySelectorAll("h1")) h1.replaceChildren();
	for (const element of copy.querySelectorAll("*")) {
		for (const name of ["alt", "value", "data-value", "action", "data-preview", "href", "src", "data-unsaved", "aria-invalid"]) {
			element.removeAttribute(name);
		}
	}
	return copy.outerHTML.replace(/\s+/g, " ");
}

// load loads documents into frames, and says of each what is wrong with it.
async function load(documents) {
	const frames = await Promise.all(documents.map(html => new Promise(resolve => {
		const frame = document.createElement("iframe");
		frame.onload = () => resolve(frame);
		setTimeout(resolve, 60000, frame);
		frame.srcdoc = html;
		document.body.append(frame);
	})));
	const results = frames.map(frame => {
		const root = frame.contentDocument;
		if (!root || !root.documentElement) return {wrong: ["it went elsewhere"], skeleton: ""};
		provoke(root);
		return {wrong: [...root.querySelectorAll(slots)].flatMap(inspect), skeleton: skeleton(root)};
	});
	await settle();
	for (const frame of frames) frame.remove();
	return results;
}

// write sets innerHTML, and once more to what it became.
async function write(texts) {
	const place = document.body.appendChild(document.createElement("main"));
	const results = texts.map(text => {
		const cell = place.appendChild(document.createElement("div")), again = place.appendChild(document.createElement("div"));
		cell.innerHTML = text;
		again.innerHTML = cell.innerHTML;
		provoke(cell);
		provoke(again);
		// A newline at the start of a pre is not part of its text, each time.
		const [once, twice] = [cell, again].map(place => place.innerHTML.replace(/<pre>\n+/g, "<pre>"));
		return [...inspect(cell), ...inspect(again), ...once === twice ? [] : ["it mutates"]];
	});
	const escaped = [...place.children].some(cell => cell.tagName !== "DIV") || place.children.length !== 2 * texts.length;
	await settle();
	place.remove();
	return escaped ? results.map(() => ["it escaped"]) : results;
}

// settle waits until what was loaded has loaded, and what failed has failed.
const settle = () => new Promise(resolve => setTimeout(resolve, 250));
