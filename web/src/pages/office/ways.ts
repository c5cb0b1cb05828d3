/** The pages of the offices, by who may see them. */
import type { Key } from '$lib/texts.svelte';

export const OFFICE = ['support_officer', 'administrator', 'auditor'] as const;
export const READS_ALL = ['support_officer', 'auditor'] as const;
export const ANNOUNCERS = ['support_officer', 'administrator'] as const;
export const OPERATORS = ['administrator', 'auditor'] as const;

export const officeWays: readonly { href: string; title: Key; may: readonly string[] }[] = [
  { href: '/office', title: 'office.start', may: OFFICE },
  { href: '/office/search', title: 'office.search.title', may: OFFICE },
  { href: '/office/exchanges', title: 'office.exchanges.title', may: READS_ALL },
  { href: '/queries', title: 'office.queries.title', may: ['support_officer'] },
  { href: '/complaints', title: 'complaint.all', may: ['support_officer'] },
  { href: '/office/faqs', title: 'office.faqs.title', may: ['support_officer'] },
  { href: '/office/announcements', title: 'office.announcements.title', may: ANNOUNCERS },
  { href: '/office/persons', title: 'office.persons.title', may: ANNOUNCERS },
  { href: '/office/partnerships', title: 'office.partnerships.title', may: ['administrator'] },
  { href: '/office/rules', title: 'office.rules.title', may: OFFICE },
  { href: '/office/duplicates', title: 'office.duplicates.title', may: OFFICE },
  { href: '/office/operations', title: 'office.operations.title', may: OPERATORS },
];
