/** The partnerships that a person acts for, by name. */
import { api, got, type Schemas } from '$lib/api';
import { session } from '$lib/session.svelte';

export type Partnership = Schemas['registry.PartnershipView'];

/** The ids of the partnerships where the person holds one of these roles. */
export const placesOf = (...roles: string[]): string[] => [...new Set(roles.flatMap((each) => session.places(each)))];

/** The partnerships where the person holds one of these roles; usually one. */
export const partnershipsOf = (...roles: string[]): Promise<Partnership[]> => Promise.all(placesOf(...roles).map((partnership_id) => got(api.GET('/v1/partnerships/{partnership_id}', { params: { path: { partnership_id } } }))));
