import type { Route } from '$lib/router.svelte';

export const participantRoutes: readonly Route[] = [
  { path: '/me', page: () => import('./MyTasks.svelte'), title: 'tasks.title', may: 'signed_in' },
  { path: '/registrations', page: () => import('./Registrations.svelte'), title: 'registration.all', may: 'signed_in' },
  { path: '/registrations/new', page: () => import('./NewRegistration.svelte'), title: 'registration.new', may: 'signed_in', under: '/registrations' },
  { path: '/registrations/:id', page: () => import('./Registration.svelte'), title: 'registration.one', may: 'signed_in', under: '/registrations' },
  { path: '/organisations/:id/joining', page: () => import('./Joining.svelte'), title: 'joining.title', may: 'signed_in', under: '/registrations' },
  { path: '/joinings', page: () => import('./Joinings.svelte'), title: 'joining.all', may: 'signed_in' },
  { path: '/matches', page: () => import('./Matches.svelte'), title: 'matches.title', may: ['representative'] },
  { path: '/catalogue', page: () => import('./Catalogue.svelte'), title: 'catalogue.title', may: 'signed_in' },
  { path: '/catalogue/comparison', page: () => import('./Comparison.svelte'), title: 'catalogue.comparison', may: 'signed_in', under: '/catalogue' },
  { path: '/catalogue/:id', page: () => import('./CatalogueEntry.svelte'), title: 'catalogue.one', may: 'signed_in', under: '/catalogue' },
  { path: '/saved-searches', page: () => import('./SavedSearches.svelte'), title: 'searches.title', may: 'signed_in', under: '/catalogue' },
  { path: '/saved-searches/:id', page: () => import('./SavedSearch.svelte'), title: 'searches.one', may: 'signed_in', under: '/saved-searches' },
  { path: '/calendar', page: () => import('./Calendar.svelte'), title: 'calendar.title', may: ['representative'] },
  { path: '/contacts', page: () => import('./Contacts.svelte'), title: 'contact.all', may: ['representative'] },
  { path: '/contacts/:id', page: () => import('./Contact.svelte'), title: 'contact.one', may: 'signed_in', under: '/contacts' },
  { path: '/participations/:id/listing', page: () => import('./Listing.svelte'), title: 'listing.title', may: ['representative'], under: '/registrations' },
  { path: '/blocks', page: () => import('./Blocks.svelte'), title: 'block.all', may: ['representative'] },
  { path: '/complaints', page: () => import('./Complaints.svelte'), title: 'complaint.all', may: 'signed_in' },
  { path: '/complaints/:id', page: () => import('./Complaint.svelte'), title: 'complaint.one', may: 'signed_in', under: '/complaints' },
  { path: '/conversations/:id', page: () => import('./ConversationPage.svelte'), title: 'conversation.title', may: 'signed_in' },
];
