/** The partnerships that a person acts for, by name. */
import { partnershipsBy, type Partnership } from '$lib/partnerships';
import { session } from '$lib/session.svelte';

/** The ids of the partnerships where the person holds one of these roles. */
export const placesOf = (...roles: string[]): string[] => [...new Set(roles.flatMap((each) => session.places(each)))];

/** The partnerships where the person holds one of these roles; usually one. */
export const partnershipsOf = (...roles: string[]): Promise<Partnership[]> => partnershipsBy(placesOf(...roles));
