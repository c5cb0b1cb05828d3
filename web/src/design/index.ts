/** The design system: every page is made of these. /design shows them all. */
export { default as Badge } from './Badge.svelte';
export { default as Bars, type Bar } from './Bars.svelte';
export { default as Button } from './Button.svelte';
export { default as Card } from './Card.svelte';
export { default as Choices } from './Choices.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as Empty } from './Empty.svelte';
export { default as Field } from './Field.svelte';
export { default as FileField } from './FileField.svelte';
export { default as Loaded } from './Loaded.svelte';
export { default as More } from './More.svelte';
export { default as Notice } from './Notice.svelte';
export { default as Prose } from './Prose.svelte';
export { default as Refusal } from './Refusal.svelte';
export { default as Steps, type Step } from './Steps.svelte';
export { default as Table } from './Table.svelte';
