/** Light, dark or more contrast: as the machine says, or as the person chose. */
import { kept } from './kept';

export const APPEARANCES = ['auto', 'light', 'dark', 'contrast'] as const;
export type Appearance = (typeof APPEARANCES)[number];

class AppearanceChoice {
  chosen = $state<Appearance>('auto');

  start(): void {
    const before = kept.read('appearance');
    this.chosen = APPEARANCES.find((each) => each === before) ?? 'auto';
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', () => this.#apply());
    this.#apply();
  }

  choose(appearance: Appearance): void {
    this.chosen = appearance;
    kept.write('appearance', appearance);
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['appearance'] = this.chosen === 'auto' ? this.#asTheMachineSays() : this.chosen;
  }

  #asTheMachineSays(): Appearance {
    if (matchMedia('(prefers-contrast: more)').matches) return 'contrast';
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
}

export const appearance = new AppearanceChoice();
