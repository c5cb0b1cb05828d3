/** The five services as administrators and auditors see them at work: each has addresses of its own. */
import { api, got, type Schemas } from '$lib/api';

export const SERVICES = ['identity', 'registry', 'matching', 'agreements', 'payments'] as const;
export type Service = (typeof SERVICES)[number];
export type Work = Schemas['operations.WorkView'];
export type Parked = Schemas['operations.ParkedView'];
type ParkedMessages = Schemas['operations.ParkedMessages'];

export const readWork: Record<Service, () => Promise<Work>> = {
  identity: () => got(api.GET('/v1/operations/identity')),
  registry: () => got(api.GET('/v1/operations/registry')),
  matching: () => got(api.GET('/v1/operations/matching')),
  agreements: () => got(api.GET('/v1/operations/agreements')),
  payments: () => got(api.GET('/v1/operations/payments')),
};

export const listParked: Record<Service, () => Promise<ParkedMessages>> = {
  identity: () => got(api.GET('/v1/operations/identity/parked')),
  registry: () => got(api.GET('/v1/operations/registry/parked')),
  matching: () => got(api.GET('/v1/operations/matching/parked')),
  agreements: () => got(api.GET('/v1/operations/agreements/parked')),
  payments: () => got(api.GET('/v1/operations/payments/parked')),
};

const at = (id: string) => ({ path: { parked_id: id } });

export const replay: Record<Service, (id: string) => Promise<Parked>> = {
  identity: (id) => got(api.POST('/v1/operations/identity/parked/{parked_id}/replay', { params: at(id) })),
  registry: (id) => got(api.POST('/v1/operations/registry/parked/{parked_id}/replay', { params: at(id) })),
  matching: (id) => got(api.POST('/v1/operations/matching/parked/{parked_id}/replay', { params: at(id) })),
  agreements: (id) => got(api.POST('/v1/operations/agreements/parked/{parked_id}/replay', { params: at(id) })),
  payments: (id) => got(api.POST('/v1/operations/payments/parked/{parked_id}/replay', { params: at(id) })),
};

export const drop: Record<Service, (id: string, why: string) => Promise<Parked>> = {
  identity: (id, why) => got(api.POST('/v1/operations/identity/parked/{parked_id}/drop', { params: at(id), body: { why } })),
  registry: (id, why) => got(api.POST('/v1/operations/registry/parked/{parked_id}/drop', { params: at(id), body: { why } })),
  matching: (id, why) => got(api.POST('/v1/operations/matching/parked/{parked_id}/drop', { params: at(id), body: { why } })),
  agreements: (id, why) => got(api.POST('/v1/operations/agreements/parked/{parked_id}/drop', { params: at(id), body: { why } })),
  payments: (id, why) => got(api.POST('/v1/operations/payments/parked/{parked_id}/drop', { params: at(id), body: { why } })),
};

export interface Health {
  broker: boolean;
  services: Partial<Record<Service, number | null>>;
}

/** Whether the broker answers and how many processes take each service's calls: what a gateway says of itself, whatever its status. */
export async function readHealth(): Promise<Health> {
  return (await (await fetch('/health/ready')).json()) as Health;
}
