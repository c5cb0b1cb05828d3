import type { Route } from '$lib/router.svelte';

export const publicRoutes: readonly Route[] = [
  { path: '/', page: () => import('./Landing.svelte'), title: 'landing.title', may: 'anyone' },
  { path: '/programme', page: () => import('./Programme.svelte'), title: 'programme.title', may: 'anyone' },
  { path: '/figures', page: () => import('./Figures.svelte'), title: 'figures.title', may: 'anyone', under: '/programme' },
  { path: '/partnerships', page: () => import('./Partnerships.svelte'), title: 'partnerships.title', may: 'anyone' },
  { path: '/partnerships/:id', page: () => import('./Partnership.svelte'), title: 'partnerships.one', may: 'anyone', under: '/partnerships' },
  { path: '/faqs', page: () => import('./Faqs.svelte'), title: 'faqs.title', may: 'anyone' },
  { path: '/support', page: () => import('./Support.svelte'), title: 'support.title', may: 'anyone' },
  { path: '/feedback', page: () => import('./Feedback.svelte'), title: 'feedback.title', may: 'anyone' },
  { path: '/guides', page: () => import('./Guides.svelte'), title: 'guides.title', may: 'anyone' },
  { path: '/guides/:role', page: () => import('./Guide.svelte'), title: 'guides.one', may: 'anyone', under: '/guides' },
  { path: '/newsletter', page: () => import('./Newsletter.svelte'), title: 'newsletter.title', may: 'anyone' },
  { path: '/newsletter/confirmation', page: () => import('./NewsletterConfirmed.svelte'), title: 'newsletter.confirmation', may: 'anyone', under: '/newsletter' },
  { path: '/privacy', page: () => import('./Privacy.svelte'), title: 'privacy.title', may: 'anyone' },
  { path: '/disclaimer', page: () => import('./Disclaimer.svelte'), title: 'disclaimer.title', may: 'anyone' },
  { path: '/accessibility', page: () => import('./Accessibility.svelte'), title: 'accessibility.title', may: 'anyone' },
  { path: '/how-ranking-works', page: () => import('./HowRankingWorks.svelte'), title: 'howRanking.title', may: 'anyone' },
  { path: '/search', page: () => import('./Search.svelte'), title: 'search.title', may: 'anyone' },
  { path: '/design', page: () => import('./Design.svelte'), title: 'design.title', may: 'anyone' },
];
