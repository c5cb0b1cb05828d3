import type { Route } from '$lib/router.svelte';
import { ANNOUNCERS, OFFICE, OPERATORS, READS_ALL } from './ways';

const SUPPORT = ['support_officer'] as const;
const PERSONS = ['support_officer', 'administrator'] as const;
const ADMINISTRATOR = ['administrator'] as const;

export const officeRoutes: readonly Route[] = [
  { path: '/office', page: () => import('./Start.svelte'), title: 'office.start', may: OFFICE },
  { path: '/office/search', page: () => import('./SearchAll.svelte'), title: 'office.search.title', may: OFFICE, under: '/office' },
  { path: '/office/exchanges', page: () => import('./AllExchanges.svelte'), title: 'office.exchanges.title', may: READS_ALL, under: '/office' },
  { path: '/exchanges/:id/dossier', page: () => import('./Dossier.svelte'), title: 'office.dossier.title', may: READS_ALL, under: '/exchanges/:id' },
  { path: '/queries', page: () => import('./Queries.svelte'), title: 'office.queries.title', may: SUPPORT, under: '/office' },
  { path: '/queries/:id', page: () => import('./QueryPage.svelte'), title: 'office.queries.one', may: 'signed_in', under: '/support' },
  { path: '/office/faqs', page: () => import('./FaqList.svelte'), title: 'office.faqs.title', may: SUPPORT, under: '/office' },
  { path: '/office/faqs/:id', page: () => import('./FaqPage.svelte'), title: 'office.faqs.one', may: SUPPORT, under: '/office/faqs' },
  { path: '/office/announcements', page: () => import('./Announcements.svelte'), title: 'office.announcements.title', may: ANNOUNCERS, under: '/office' },
  { path: '/office/announcements/:id', page: () => import('./AnnouncementPage.svelte'), title: 'office.announcements.one', may: ANNOUNCERS, under: '/office/announcements' },
  { path: '/office/persons', page: () => import('./Persons.svelte'), title: 'office.persons.title', may: PERSONS, under: '/office' },
  { path: '/office/partnerships', page: () => import('./OfficePartnerships.svelte'), title: 'office.partnerships.title', may: ADMINISTRATOR, under: '/office' },
  { path: '/office/partnerships/:id', page: () => import('./PartnershipPage.svelte'), title: 'office.partnerships.one', may: ADMINISTRATOR, under: '/office/partnerships' },
  { path: '/office/rules', page: () => import('./Rules.svelte'), title: 'office.rules.title', may: OFFICE, under: '/office' },
  { path: '/office/duplicates', page: () => import('./Duplicates.svelte'), title: 'office.duplicates.title', may: OFFICE, under: '/office' },
  { path: '/office/operations', page: () => import('./Operations.svelte'), title: 'office.operations.title', may: OPERATORS, under: '/office' },
];
