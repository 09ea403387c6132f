package io.radnet.server.security;

/** What a call does, as far as its right to do so is concerned. */
public enum Permission {
  /** Health and the page's own files: for everybody, also without a certificate. */
  NONE,
  /** Metrics. */
  SCRAPE,
  /** What the server and its models are, and their statistics. */
  INSPECT,
  /** Scans and tensors through a model. */
  INFER,
  /** Loading and unloading models, and every call that nobody has listed. */
  ADMINISTER
}
