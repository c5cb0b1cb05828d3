/** Partnerships: all of the scheme, for a map or a choice; or those of some ids. Few calls, however many there are. */
import { all, api, got, type Schemas } from './api';

export type Partnership = Schemas['registry.PartnershipSummary'];
const MOST_AT_ONCE = 500;
const MOST = 2000;

/** Every partnership, by acronym; only those that take registrations, if asked for. */
export const allPartnerships = (filters: { open_for_registration?: boolean } = {}): Promise<Partnership[]> =>
  all((after) => got(api.GET('/v1/partnerships', { params: { query: { after, limit: MOST_AT_ONCE, ...filters } } })), MOST);

/** Those of these ids, by acronym. */
export const partnershipsBy = async (ids: readonly string[]): Promise<Partnership[]> =>
  ids.length ? (await got(api.GET('/v1/partnerships', { params: { query: { partnership_id: [...ids], limit: MOST_AT_ONCE } } }))).items : [];
