// @ts-check

const yearSeconds = 31_536_000;

/** Theme and language are cookies, so that the server draws the page right the first time. */
export function addPreferences() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-cookie]');
    if (!(button instanceof HTMLElement)) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox.
    document.cookie = `${button.dataset['cookie']}; path=/; max-age=${yearSeconds}; samesite=lax`;
    location.reload();
  });
}
