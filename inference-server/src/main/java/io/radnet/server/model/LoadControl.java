package io.radnet.server.model;

/** When models are loaded. */
public enum LoadControl {
  /** All at start, none later. */
  NONE,
  /** On request only. */
  EXPLICIT,
  /** All at start; the repository is looked at again every few seconds. */
  POLL
}
