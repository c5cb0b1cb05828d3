/** For which of my accepted participations something is asked, and in which role. */
import { api, got, type Schemas } from './api';

export type Role = 'visitor' | 'host';
export type Mine = Schemas['registry.RegistrationSummary'];

/** My participations that are in the scheme now. */
export async function accepted(): Promise<Mine[]> {
  return (await got(api.GET('/v1/registrations', { params: { query: { mine: true, limit: 100, state: ['accepted', 'paused'] } } }))).items;
}

/** Each participation in each of its roles: `id role`, and how people call it. */
export function capacities(mine: readonly Mine[], name: (each: Mine, role: Role) => string): (readonly [string, string])[] {
  return mine.flatMap((each) => each.roles.map((role) => [`${each.participation_id} ${role}`, name(each, role)] as const));
}
