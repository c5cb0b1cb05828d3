/** The steps of the form in their order, and which step a missing answer belongs to. */
import type { Draft } from '$lib/draft.svelte';
import { text } from '$lib/texts.svelte';

export const STEPS = ['organisation', 'person', 'role', 'offer', 'preferences', 'period', 'partnership', 'submit'] as const;
export type StepName = (typeof STEPS)[number];

export interface StepProps {
  draft: Draft;
  isOpen: boolean;
  go: (to: StepName) => Promise<void>;
}

/** `organisation.town` belongs to the step `organisation`. */
export function stepOf(field: string): StepName {
  const step = field.split('.')[0];
  return STEPS.find((each) => each === step) ?? 'submit';
}

/** What a field is called; choices in a text take no dots. */
export const nameOf = (field: string): string => text('registration.field', { name: field.replaceAll('.', '_') });
