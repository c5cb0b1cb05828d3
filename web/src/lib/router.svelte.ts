/** Addresses and pages: one table of routes, the browser's own history, and pages that load when they are first seen. */
import { parse } from 'regexparam';
import type { Component } from 'svelte';
import type { Key } from './texts.svelte';

export interface Route {
  /** The address; `:name` is a part that differs. */
  path: string;
  /** The page's module, loaded when first needed. */
  page: () => Promise<{ default: Component<any> }>;
  /** The key of its title: shown in the tab and as the last breadcrumb. */
  title: Key;
  /** Who may see it: everybody, whoever is logged in, or holders of one of these roles. */
  may: 'anyone' | 'signed_in' | readonly string[];
  /** The address of the page it belongs under, for breadcrumbs; `:name` is filled in. */
  under?: string;
}

export interface Found {
  route: Route;
  given: Record<string, string>;
}

type Asks = () => boolean;

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  /** Asked before a page is left; a page with unsaved words answers false to stay. */
  #mayLeave: Asks[] = [];

  constructor() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
    addEventListener('beforeunload', (event) => {
      if (!this.#mayLeave.every((ask) => ask())) event.preventDefault();
    });
  }

  /** Show another page; `replace` leaves no step back. */
  go(to: string, { replace = false } = {}): void {
    if (to === location.pathname + location.search) return;
    history[replace ? 'replaceState' : 'pushState']({}, '', to);
    const samePage = new URL(to, location.href).pathname === this.path;
    this.#read();
    if (!replace && !samePage) scrollTo(0, 0);
  }

  /** Change what stands behind the question mark, for filters that survive a reload and can be shared. */
  ask(changes: Record<string, string | null>): void {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
    const text = query.toString();
    this.go(this.path + (text ? `?${text}` : ''), { replace: true });
  }

  /** Have this asked before the browser's tab is closed; gives back how to stop. */
  beforeLeaving(ask: Asks): () => void {
    this.#mayLeave.push(ask);
    return () => (this.#mayLeave = this.#mayLeave.filter((each) => each !== ask));
  }

  #read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (/^\/(v1|docs|contracts|dev|health)(\/|$)/.test(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search + link.hash);
  }
}

export const router = new Router();

/** The route of an address, and what its changing parts are. */
export function find(routes: readonly Route[], path: string): Found | undefined {
  for (const route of routes) {
    const { keys, pattern } = parse(route.path);
    const match = pattern.exec(path);
    if (match) return { route, given: Object.fromEntries(keys.map((key, at) => [key, decodeURIComponent(match[at + 1] ?? '')])) };
  }
  return undefined;
}

/** An address pattern with its changing parts filled in. */
export function filled(path: string, given: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(given[name] ?? ''));
}
