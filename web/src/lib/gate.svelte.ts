/** The two questions that may come up anywhere: log in again, and give the password again. The shell shows them above the page. */
export type Question = 'log in' | 'confirm';

class Gate {
  question = $state<Question | null>(null);
  #waiting: ((done: boolean) => void)[] = [];

  /** Ask for a log-in, above the page, which stays as it is; whether it came. Several at once share one question. */
  logInAgain(): Promise<boolean> {
    return this.#ask('log in');
  }

  /** Ask for the password, as signing, bank details and payments want it. */
  confirmPassword(): Promise<boolean> {
    return this.#ask('confirm');
  }

  /** The shell's answer. */
  answer(done: boolean): void {
    this.question = null;
    for (const go of this.#waiting.splice(0)) go(done);
  }

  #ask(question: Question): Promise<boolean> {
    this.question ??= question;
    return new Promise((go) => this.#waiting.push(go));
  }
}

export const gate = new Gate();
