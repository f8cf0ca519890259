const byId = (id) => document.getElementById(id);
const live = byId('live');
let version = document.body.dataset.version;

// Makes a part of the page like that of a newer one. What is the same stays in place, and with it
// the focus, what was typed, and which details are open.
const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && one.id === other.id;
const becomes = (old, fresh) => {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    let same = at;
    while (same && !alike(same, next)) same = same.nextSibling;
    if (!same) {
      const added = document.importNode(next, true);
      if (added.nodeName === 'TR') added.classList.add('fresh');
      old.insertBefore(added, at);
      continue;
    }
    while (at !== same) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    at = same.nextSibling;
    becomes(same, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
};
const show = (text) => {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  document.title = fresh.title;
  for (const part of ['.now', '#sections', '#main']) becomes(document.querySelector(part), fresh.querySelector(part));
  wind();
};

// The sandbox's clock goes on from what the page was given.
let given, since;
const wind = () => {
  given = Number(byId('clock').dataset.at);
  since = performance.now();
};
const tick = () => {
  const india = new Date(given + performance.now() - since + 330 * 60_000);
  byId('clock').textContent = india.toISOString().slice(0, 19).replace('T', ' ');
};
wind();
setInterval(tick, 1000);

// On a narrow page the sections are one line, of which a part is seen.
const here = document.querySelector('#sections [aria-current]');
if (here) here.scrollIntoView({ inline: 'center', block: 'nearest' });

// The page asks for itself, and is answered when it is another. Only while somebody looks at it:
// a browser keeps few connections to a host.
let asking;
const seen = () => new Promise((go) => document.addEventListener('visibilitychange', go, { once: true }));
const isLive = (is) => {
  live.hidden = false;
  live.classList.toggle('off', !is);
  live.textContent = is ? 'Live' : 'Not connected';
};
const follow = async () => {
  for (;;) {
    while (document.hidden) await seen();
    asking = new AbortController();
    try {
      const headers = { Prefer: 'wait=25', 'If-None-Match': version };
      const answer = await fetch(location.href, { headers, cache: 'no-store', signal: asking.signal });
      const next = answer.headers.get('ETag');
      if (next) {
        version = next;
        show(await answer.text());
      } else if (answer.status !== 304) throw answer.status;
      isLive(true);
    } catch {
      if (document.hidden) continue;
      isLive(false);
      await new Promise((go) => setTimeout(go, 2000));
    }
  }
};
document.addEventListener('visibilitychange', () => document.hidden && asking && asking.abort());
if (version) {
  isLive(true);
  follow();
}

// A button does its work without leaving the page, which then shows what came of it.
let fades;
const say = (text, isBad) => {
  const place = byId('say');
  place.textContent = text;
  place.className = isBad ? 'say bad' : 'say good';
  clearTimeout(fades);
  if (!isBad) fades = setTimeout(() => (place.className = 'say'), 4000);
};
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  event.preventDefault();
  const button = event.submitter;
  const to = button.getAttribute('formaction') || form.getAttribute('action');
  try {
    const answer = await fetch(to, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
    if (answer.type === 'opaqueredirect') {
      say(button.dataset.done);
      if (!version) location.reload();
      return;
    }
    const problem = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('problem');
    say(problem ? problem.textContent : 'It was not done.', true);
  } catch {
    say('The sandbox does not answer.', true);
  }
});

// As on other pages of this kind, a slash leads to the search.
document.addEventListener('keydown', (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.nodeName);
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  byId('find').focus();
});
