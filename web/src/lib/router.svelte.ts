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

/** A link and what it is called. */
export interface Way {
  href: string;
  title: string;
}

type Asks = () => boolean;

/** Words that would be lost: whether there are none, how they are saved where that goes by itself, and whether a part of the page takes them along. */
interface Words {
  isSaved: Asks;
  save: (() => Promise<unknown>) | undefined;
  ofPart: boolean;
}

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  /** Answers whether to leave, while somebody with unsaved words is asked; the frame asks. */
  leaving = $state.raw<((isSure: boolean) => void) | null>(null);
  #words: Words[] = [];
  /** Which step of the browser's history this is, to know how far a step back goes. */
  #at = 0;
  #passes = 0;

  constructor() {
    const at: unknown = (history.state as { at?: unknown } | null)?.at;
    if (typeof at === 'number') this.#at = at;
    else history.replaceState({ at: 0 }, '');
    addEventListener('popstate', (event) => void this.#stepped(event));
    document.addEventListener('click', (event) => this.#follow(event));
    addEventListener('beforeunload', (event) => {
      if (!this.#words.every((each) => each.isSaved())) event.preventDefault();
    });
  }

  /** Show another page because somebody wants to; who has written words that are not saved is asked first. */
  async leave(to: string): Promise<void> {
    if (await this.#mayLeave(new URL(to, location.href).pathname === this.path)) this.go(to);
  }

  /** Show another page; `replace` leaves no step back. */
  go(to: string, { replace = false } = {}): void {
    if (to === location.pathname + location.search) return;
    if (!replace) this.#at += 1;
    history[replace ? 'replaceState' : 'pushState']({ at: this.#at }, '', to);
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

  /**
   * Have this asked before the page is left or the browser's tab is closed; gives back how to stop. `save` is tried before anybody is
   * asked; `ofPart` says that the words are gone, too, when another part of the same page is shown.
   */
  beforeLeaving(isSaved: Asks, { save, ofPart = false }: { save?: () => Promise<unknown>; ofPart?: boolean } = {}): () => void {
    const words = { isSaved, save, ofPart };
    this.#words.push(words);
    return () => (this.#words = this.#words.filter((each) => each !== words));
  }

  async #mayLeave(isSamePage: boolean): Promise<boolean> {
    const open = this.#words.filter((each) => (each.ofPart || !isSamePage) && !each.isSaved());
    await Promise.all(open.map((each) => each.save?.()));
    if (open.every((each) => each.isSaved())) return true;
    this.leaving?.(false);
    return new Promise((answer) => {
      this.leaving = (isSure) => {
        this.leaving = null;
        answer(isSure);
      };
    });
  }

  /** A step in the browser's history: the address is another one already, so whoever stays is taken back to the one before. */
  async #stepped(event: PopStateEvent): Promise<void> {
    const at: unknown = (event.state as { at?: unknown } | null)?.at;
    if (typeof at !== 'number') {
      // A place on the same page, which the browser went to by itself.
      history.replaceState({ at: ++this.#at }, '');
      return this.#read();
    }
    if (this.#passes > 0) {
      this.#passes -= 1;
      return;
    }
    const by = at - this.#at;
    const [to, isSamePage] = [location.href, location.pathname === this.path];
    const isFree = this.#words.every((each) => each.isSaved() || (isSamePage && !each.ofPart));
    if (isFree) {
      this.#at = at;
      return this.#read();
    }
    this.#passes += 1;
    history.go(-by);
    if (!(await this.#mayLeave(isSamePage))) return;
    this.#passes += 1;
    history.go(by);
    this.#at = at;
    this.#read(new URL(to));
  }

  #read(at: URL | Location = location): void {
    this.path = at.pathname;
    this.query = new URLSearchParams(at.search);
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (/^\/(v1|docs|contracts|dev|health)(\/|$)/.test(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    void this.leave(link.pathname + link.search + link.hash);
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
