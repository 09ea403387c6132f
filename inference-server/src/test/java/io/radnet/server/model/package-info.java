/** Tests of the models' side; start with {@link io.radnet.server.model.EngineCacheTest}. */
@NullMarked
package io.radnet.server.model;

import org.jspecify.annotations.NullMarked;
