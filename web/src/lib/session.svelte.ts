/** Who is logged in, and what roles they hold. The session itself is a cookie that no script can read. */
import { api, got, Refused, type Schemas } from './api';
import { texts } from './texts.svelte';

export type Me = Schemas['identity.Me'];

class Session {
  /** The person; null for nobody; undefined until it is known. */
  me = $state.raw<Me | null | undefined>(undefined);

  /** Find out who is there. */
  async load(): Promise<void> {
    try {
      this.me = await got(api.GET('/v1/me'));
      await texts.suggest(this.me.language);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.me = null;
      else throw error;
    }
  }

  /** Read anew what is known of the person. A log-in that has run out is asked for when something is sent, and takes nobody off the page. */
  async refresh(): Promise<void> {
    if (this.me) this.me = await got(api.GET('/v1/me')).catch(() => this.me);
  }

  /** Log in with username or address; raises Refused. */
  async logIn(login: string, password: string): Promise<void> {
    await got(api.POST('/v1/sessions', { body: { login, password, transport: 'cookie' } }));
    await this.load();
  }

  /** Give the password again; raises Refused. */
  async confirm(password: string): Promise<void> {
    await got(api.POST('/v1/sessions/current/confirmation', { body: { password } }));
  }

  /** Log out; the page is loaded anew, so that nothing of the person stays in memory. */
  async logOut(): Promise<void> {
    await got(api.DELETE('/v1/sessions/current'));
    location.assign('/');
  }

  get roles(): string[] {
    return [...new Set((this.me?.roles ?? []).map((each) => each.role))];
  }

  /** Whether the person holds one of these roles. */
  is(...roles: string[]): boolean {
    return roles.some((role) => this.roles.includes(role));
  }

  /** Whether the person, or nobody, may see what is for these. */
  may(whom: 'anyone' | 'signed_in' | readonly string[]): boolean {
    return whom === 'anyone' || Boolean(this.me && (whom === 'signed_in' || this.is(...whom)));
  }

  /** The organisations or partnerships where the person holds a role. */
  places(role: string): string[] {
    return (this.me?.roles ?? []).filter((each) => each.role === role && each.place).map((each) => each.place as string);
  }
}

export const session = new Session();
