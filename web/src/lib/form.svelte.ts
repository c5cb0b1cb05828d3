/** A form that is sent: whether it is on its way, what was refused, and what is wrong with single fields. */
import { wrongFields } from './refusals';

export class Form {
  busy = $state(false);
  error = $state.raw<unknown>(undefined);
  isDone = $state(false);

  /** What is wrong with fields, by their path. */
  get wrong(): Record<string, string[]> {
    return wrongFields(this.error);
  }

  /** The refusal that belongs to no field, to be shown above the form. */
  get refusal(): unknown {
    return this.error && Object.keys(this.wrong).length === 0 ? this.error : undefined;
  }

  /** Send, unless it is being sent; whether it was taken. The answer is for `then`. */
  async send<T>(ask: () => Promise<T>, then?: (answer: T) => unknown): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = undefined;
    try {
      const answer = await ask();
      this.isDone = true;
      await then?.(answer);
      return true;
    } catch (refused) {
      this.error = refused;
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** What a form's submit event does: nothing of its own but this. */
export function submitting(act: () => unknown): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault();
    void act();
  };
}
