/** The main ways through the pages, by who may go them. */
import type { Route } from '$lib/router.svelte';
import type { Key } from '$lib/texts.svelte';

export interface Way {
  href: string;
  title: Key;
  may: Route['may'];
}

const STAFF = ['registrations', 'agreements', 'finance'] as const;

export const ways: readonly Way[] = [
  { href: '/programme', title: 'shell.ways.programme', may: 'anyone' },
  { href: '/partnerships', title: 'shell.ways.partnerships', may: 'anyone' },
  { href: '/support', title: 'shell.ways.support', may: 'anyone' },
  { href: '/me', title: 'shell.ways.toDo', may: 'signed_in' },
  { href: '/desk', title: 'shell.ways.desk', may: ['registrations', 'agreements'] },
  { href: '/payments', title: 'shell.ways.payments', may: ['finance', 'support_officer', 'auditor'] },
  { href: '/matches', title: 'shell.ways.matches', may: ['representative'] },
  { href: '/catalogue', title: 'shell.ways.catalogue', may: 'signed_in' },
  { href: '/contacts', title: 'shell.ways.contacts', may: ['representative'] },
  { href: '/indicators', title: 'shell.ways.indicators', may: [...STAFF, 'support_officer', 'auditor', 'administrator'] },
  { href: '/exchanges', title: 'shell.ways.exchanges', may: ['representative', ...STAFF, 'support_officer', 'auditor'] },
  { href: '/calendar', title: 'shell.ways.calendar', may: ['representative'] },
  { href: '/office', title: 'shell.ways.office', may: ['support_officer', 'administrator', 'auditor'] },
];
