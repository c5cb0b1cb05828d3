/** Whom the user manual speaks to, and the sections of each guide. */
export const ROLES = ['registration', 'visitor', 'host', 'contactPoint', 'payingOfficer'] as const;
export type GuideRole = (typeof ROLES)[number];
export const SECTIONS = ['first', 'second', 'third', 'fourth'] as const;

/** The sections that carry a picture of the real pages; `web/make_pictures.py` takes them. */
const PICTURED: Readonly<Record<GuideRole, readonly string[]>> = {
  registration: ['first', 'second'], visitor: ['first', 'second', 'third', 'fourth'], host: ['second'], contactPoint: ['first', 'third'], payingOfficer: ['first'],
};

/** Where the pictures of a guide lie, by section; in English where there are none in the reader's language. */
export function picturesOf(role: string, language: string): Record<string, string> {
  const spoken = language === 'fr' ? 'fr' : 'en';
  return Object.fromEntries((PICTURED[role as GuideRole] ?? []).map((section) => [section, `/guides/${role}-${section}-${spoken}.webp`]));
}
