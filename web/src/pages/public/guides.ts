/** Whom the user manual speaks to, and the sections of each guide. */
export const ROLES = ['registration', 'visitor', 'host', 'contactPoint', 'payingOfficer'] as const;
export type GuideRole = (typeof ROLES)[number];
export const SECTIONS = ['first', 'second', 'third', 'fourth'] as const;
