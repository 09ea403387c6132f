/**
 * From a volume to a network's input and back; start with {@link
 * io.radnet.imaging.transform.Recipe}.
 */
@NullMarked
package io.radnet.imaging.transform;

import org.jspecify.annotations.NullMarked;
