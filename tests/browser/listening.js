// Keeps what the API answers, so that what a page shows can be told from what a page says by itself.
window.heard = [];
const asked = window.fetch;
window.fetch = async (...request) => {
  const response = await asked(...request);
  const isJson = response.headers.get('content-type')?.includes('json');
  // Before the page gets it: what is shown must never be there earlier than what was heard.
  if (isJson && new URL(response.url).pathname.startsWith('/v1/')) await response.clone().json().then((body) => window.heard.push(body), () => undefined);
  return response;
};
