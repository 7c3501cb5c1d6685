const BURST = 300;
const EVERY_MS = 25;
const MOST_WAITING = 40;

let clicks = 0;
const shown = document.getElementById('clicks');

const show = () => {
  shown.textContent = `${clicks} clicks on this page`;
};

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element) || !target.closest('[live-click="add"]')) return;
  clicks += 1;
  show();
});

document.getElementById('burst').addEventListener('click', ({ currentTarget }) => {
  currentTarget.disabled = true;
  let left = BURST;
  const timer = setInterval(() => {
    // What cannot be sent waits in a queue of fifty. A person would not click on, either.
    if (clicks - Number(document.querySelector('.sum output').textContent) >= MOST_WAITING) return;
    document.querySelector('[live-click="add"]').click();
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    currentTarget.disabled = false;
  }, EVERY_MS);
});
