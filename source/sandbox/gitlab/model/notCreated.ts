/** Why a pipeline was not created, in GitLab's words. */
export class NotCreated extends Error {
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super(messages.join('; '));
    this.messages = messages;
  }
}
