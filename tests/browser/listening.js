// Keeps what the API answers, so that what a page shows can be told from what a page says by itself.
window.heard = [];
const asked = window.fetch;
window.fetch = async (...request) => {
  const response = await asked(...request);
  if (new URL(response.url).pathname.startsWith('/v1/')) response.clone().json().then((body) => window.heard.push(body), () => undefined);
  return response;
};
