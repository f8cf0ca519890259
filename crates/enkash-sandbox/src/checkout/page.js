const page = document.body.dataset;
const send = (type, payload, messageId) => {
  if (page.parent && window.parent !== window) window.parent.postMessage({ type, payload, messageId }, page.parent);
};

// In a frame: say that the page is here, how high it is, and how it ended.
if (page.parent) {
  send('enkash:ready');
  const tellHeight = () => send('enkash:resize', { height: document.body.scrollHeight });
  new ResizeObserver(tellHeight).observe(document.body);
  send('enkash:content-ready');
  document.querySelector('[data-focus]')?.focus();

  const tell = () => {
    const id = 'result-' + Date.now();
    let left = 10;
    const again = setInterval(once, 1000);
    function once() {
      send('enkash:result', JSON.parse(page.result), id);
      if (--left === 0) clearInterval(again);
    }
    window.addEventListener('message', (event) => {
      if (event.origin !== page.parent || event.source !== window.parent) return;
      const { type, payload } = event.data || {};
      if (type === 'enkash:ack' && payload && payload.messageId === id) clearInterval(again);
    });
    once();
  };
  if (page.result && page.over) tell();
  for (const button of document.querySelectorAll('[data-tell]')) {
    button.hidden = false;
    button.addEventListener('click', (event) => {
      event.preventDefault();
      tell();
    });
  }
  for (const button of document.querySelectorAll('[data-dismiss]')) {
    button.hidden = false;
    button.addEventListener('click', () => send('enkash:dismiss', {}, 'dismiss'));
  }
}

// In a tab that a merchant's script has opened: done is closed.
if (page.close) window.close();

// While something is awaited: look whether it has come, and go on.
if (page.poll) {
  const look = async () => {
    try {
      const answer = await fetch(page.poll, { cache: 'no-store' });
      const { state, next } = await answer.json();
      if (state !== page.state) return location.replace(next);
    } catch {
      // The next look may find it.
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}

// A form is sent once.
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    for (const button of form.querySelectorAll('.button')) button.setAttribute('aria-disabled', 'true');
  });
}
// As it was, if the payer comes back to it.
window.addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll('.button')) button.removeAttribute('aria-disabled');
});

// Digits in groups as they stand on the card, while typing at the end of the field.
const grouped = (field, write) => field && field.addEventListener('input', (event) => {
  if (field.selectionStart !== field.value.length || /^delete/.test(event.inputType || '')) return;
  field.value = write(field.value.replace(/\D/g, ''));
});
grouped(document.getElementById('number'), (digits) => digits.slice(0, 19).replace(/(.{4})(?=.)/g, '$1 '));
grouped(document.getElementById('expiry'), (digits) => digits.slice(0, 4).replace(/^(..)/, '$1/'));

// A test instrument is filled in at a press.
for (const button of document.querySelectorAll('[data-fill]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const fields = JSON.parse(button.dataset.fill);
    let last;
    for (const id in fields) {
      last = document.getElementById(id);
      last.value = fields[id];
    }
    (last.form.querySelector('.button') || last).focus();
  });
}
