/** How a state is toned; its words are in the catalogue. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info';

const TONES: Record<string, Tone> = {
  draft: 'info', submitted: 'info', more_info_requested: 'warn', accepted: 'good', rejected: 'bad', paused: 'warn', expired: 'bad', withdrawn: 'plain',
};

export const tone = (state: string): Tone => TONES[state] ?? 'plain';

const CONTACT_TONES: Record<string, Tone> = {
  pending: 'warn', accepted: 'good', answered_elsewhere: 'info', declined: 'bad', expired: 'bad', withdrawn: 'plain', proposed: 'info', brought_in: 'info', matched: 'good', closed: 'plain', finished: 'plain',
};

export const contactTone = (state: string): Tone => CONTACT_TONES[state] ?? 'plain';

const COMPLAINT_TONES: Record<string, Tone> = { received: 'warn', upheld: 'good', dismissed: 'info', withdrawn: 'plain' };

export const complaintTone = (state: string): Tone => COMPLAINT_TONES[state] ?? 'plain';
