/** Who did something, as a journal names it: a person by the beginning of the id, or a service of the platform. */
import { text } from '$lib/texts.svelte';

export function actor(name: string): string {
  const [kind, id = ''] = name.split(':');
  return kind === 'service' ? text('office.dossier.byService', { name: id }) : text('office.dossier.byPerson', { id: id.slice(0, 8) });
}
