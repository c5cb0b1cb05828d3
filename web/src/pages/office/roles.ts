/** Which roles there are, where each is held, and who gives it (the API's rule: identity's roles). */
import type { Schemas } from '$lib/api';

export type Role = Schemas['identity.GrantRole']['role'];

export const AT_PARTNERSHIPS: readonly Role[] = ['registrations', 'agreements', 'finance'];
export const AT_ORGANISATIONS: readonly Role[] = ['representative'];
export const EVERYWHERE: readonly Role[] = ['support_officer', 'auditor', 'administrator'];
export const ROLES: readonly Role[] = [...AT_PARTNERSHIPS, ...AT_ORGANISATIONS, ...EVERYWHERE];

/** Administrators give and take any; the support office replaces contact points. */
export const mayGive = (role: string, isAdministrator: boolean): boolean => isAdministrator || AT_PARTNERSHIPS.includes(role as Role);
