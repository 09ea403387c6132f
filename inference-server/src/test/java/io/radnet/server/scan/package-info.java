/** Tests of scans on their way; start with {@link io.radnet.server.scan.SchedulingTest}. */
@NullMarked
package io.radnet.server.scan;

import org.jspecify.annotations.NullMarked;
