/**
 * What a server tells of its work, and never of a patient: stages, log lines, traces. Start with
 * {@link io.radnet.server.telemetry.Stages}.
 */
@NullMarked
package io.radnet.server.telemetry;

import org.jspecify.annotations.NullMarked;
