// Shows /contracts/openapi.json, to be tried with the session cookie of this browser or with a bearer token.
"use strict";

// The key that the documentation fills in: each try gets a fresh one, or it would only repeat the first.
const KEY_EXAMPLE = "00000000-0000-4000-8000-000000000000";

window.ui = SwaggerUIBundle({
  url: "/contracts/openapi.json",
  dom_id: "#docs",
  // Nothing is sent to Swagger's own validator.
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  requestInterceptor: (request) => {
    if (request.headers["Idempotency-Key"] === KEY_EXAMPLE) {
      request.headers["Idempotency-Key"] = crypto.randomUUID();
    }
    return request;
  },
});
