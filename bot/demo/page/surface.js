// Where blocks live: a message, a modal or the Home tab. It keeps what was entered and sends what was pressed.

import { api } from "./api.js";
import { toast } from "./toast.js";

/** Slack's words for an app that does not answer. */
export const TROUBLE = "We had some trouble connecting. Try again?";

export class Surface {
  /** `address` says where an action happened: {channel, message_ts, ephemeral} or {view_id}; `kind` how to draw. */
  constructor(kind, address) {
    this.kind = kind;
    this.address = address;
    this.entries = new Map();
    this.onfail = null;
  }

  /** What was entered in an element before, so that an updated view keeps it. */
  entered(blockId, actionId) {
    return this.entries.get(blockId)?.get(actionId);
  }

  /** Note an element's value in the shape of Slack's `state.values`. */
  enter(blockId, actionId, payload) {
    if (!this.entries.has(blockId)) this.entries.set(blockId, new Map());
    this.entries.get(blockId).set(actionId, payload);
  }

  /** Forget the elements of blocks that are gone. */
  keep(blockIds) {
    for (const blockId of this.entries.keys()) {
      if (!blockIds.has(blockId)) this.entries.delete(blockId);
    }
  }

  /** Everything entered: {block_id: {action_id: payload}}. */
  values() {
    return Object.fromEntries([...this.entries].map(([block, actions]) => [block, Object.fromEntries(actions)]));
  }

  /** Deliver an action to the app. False when it could not be delivered (the person was told). */
  async act(action) {
    try {
      const answer = await api.act({ ...this.address, action, state: { values: this.values() } });
      // What the server's own words would be for an app that fails; its toast says the same and is shown once.
      if (answer.ok === false) throw new Error(answer.shown ?? TROUBLE);
      return true;
    } catch (error) {
      toast(error.message, "error");
      this.onfail?.(error);
      return false;
    }
  }

  /** Ask the app for the options of an external menu. */
  async options(blockId, actionId, value) {
    return api.options({ ...this.address, block_id: blockId, action_id: actionId, value });
  }
}
