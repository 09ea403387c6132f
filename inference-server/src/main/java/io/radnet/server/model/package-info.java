/**
 * Models as the server runs them: the repository on disk, sessions, the queue in front of them and
 * their statistics. Start with {@link io.radnet.server.model.ModelRepository}.
 */
@NullMarked
package io.radnet.server.model;

import org.jspecify.annotations.NullMarked;
