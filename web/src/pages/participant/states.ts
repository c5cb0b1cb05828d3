/** How a state is toned; its words are in the catalogue. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info';

const TONES: Record<string, Tone> = {
  draft: 'info', submitted: 'info', more_info_requested: 'warn', accepted: 'good', rejected: 'bad', paused: 'warn', expired: 'bad', withdrawn: 'plain',
};

export const tone = (state: string): Tone => TONES[state] ?? 'plain';
