/** The HTTP API: typed by its own document, patient with bad lines, and never losing what a person wrote. */
import createClient from 'openapi-fetch';
import type { components, paths } from './api-types';
import { hear } from './clock.svelte';
import { connection } from './connection.svelte';
import { gate } from './gate.svelte';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** A refusal: `problem.code` for programs, `problem.detail` for people. */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number,
  ) {
    super(problem.detail);
  }
}

const TRIES = 6;
const MOST_WAIT_MS = 8000;

/**
 * Sends again, under the same key, while the line or the system is away; asks for a log-in where one has run out, and goes on after it.
 * So a page sees an answer, a refusal, or nothing for a while; what is written on it stays.
 */
async function patient(request: Request): Promise<Response> {
  const keyed = withKey(request);
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(keyed.clone()).catch((error: unknown) => {
      if (keyed.signal.aborted || attempt >= TRIES) throw error;
      return null;
    });
    hear(response?.headers.get('X-Domain-Time') ?? null);
    if (response?.status === 401 && isBehindTheDoor(keyed) && (await gate.logInAgain())) continue;
    if (response?.status === 403 && (await codeOf(response)) === 'log_in_again' && (await gate.confirmPassword())) continue;
    if (response && !isPassing(response, attempt)) {
      connection.back();
      return response;
    }
    connection.away();
    await pause(response, attempt);
  }
}

function withKey(request: Request): Request {
  if (request.method !== 'POST' || request.headers.has('Idempotency-Key')) return request;
  const headers = new Headers(request.headers);
  headers.set('Idempotency-Key', crypto.randomUUID());
  return new Request(request, { headers });
}

/** Whether a request is worth asking a person to log in for: those that say who is there, or log in themselves, are not. */
function isBehindTheDoor(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return !pathname.startsWith('/v1/sessions') && !(pathname === '/v1/me' && request.method === 'GET');
}

async function codeOf(response: Response): Promise<string | undefined> {
  return ((await response.clone().json().catch(() => ({}))) as Partial<Problem>).code;
}

function isPassing(response: Response, attempt: number): boolean {
  return (response.status === 503 || response.status === 502 || response.status === 504) && attempt < TRIES;
}

function pause(response: Response | null, attempt: number): Promise<void> {
  const asked = Number(response?.headers.get('Retry-After') ?? 0) * 1000;
  return new Promise((go) => setTimeout(go, Math.min(MOST_WAIT_MS, asked || 400 * 2 ** attempt)));
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: patient, credentials: 'same-origin' });

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer; raises Refused. */
export async function got<T>(asked: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw new Refused(asProblem(error, response), response.status);
  return data as T;
}

/** What If-Match takes: the version of what one has read. */
export const ifMatch = (version: number): string => `"${version}"`;

function asProblem(error: unknown, response: Response): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as Problem;
  return { type: 'about:blank', title: response.statusText, status: response.status, detail: response.statusText, code: `http_${response.status}`, correlation_id: '' };
}

/** Send a file with its progress (0 to 1), under one key however often the line breaks; raises Refused. */
export async function upload(method: 'POST' | 'PUT', path: string, form: FormData, headers: Record<string, string>, progress: (part: number) => void): Promise<unknown> {
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    const ended = await sendForm(method, path, form, { ...headers, ...(method === 'POST' ? { 'Idempotency-Key': key } : {}) }, progress);
    const body = ended.text ? (JSON.parse(ended.text) as unknown) : undefined;
    if (ended.status === 401 && (await gate.logInAgain())) continue;
    if (ended.status === 403 && (body as Problem).code === 'log_in_again' && (await gate.confirmPassword())) continue;
    if (ended.status >= 200 && ended.status < 300) {
      connection.back();
      return body;
    }
    if ((ended.status !== 0 && ended.status !== 503) || attempt >= TRIES) throw new Refused(asProblem(body, new Response(null, { status: ended.status || 599 })), ended.status);
    connection.away();
    await pause(null, attempt);
  }
}

function sendForm(method: string, path: string, form: FormData, headers: Record<string, string>, progress: (part: number) => void): Promise<{ status: number; text: string }> {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onloadend = () => done({ status: request.status, text: request.responseText });
    request.send(form);
  });
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Everything of a short list, page after page. */
export async function all<T>(page: (after: string | undefined) => Promise<Page<T>>, most = 1000): Promise<T[]> {
  const found: T[] = [];
  let after: string | undefined;
  do {
    const part = await page(after);
    found.push(...part.items);
    after = part.next ?? undefined;
  } while (after && found.length < most);
  return found;
}
