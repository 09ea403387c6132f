/**
 * The folder that a server serves models from; start with {@link
 * io.radnet.exporter.repository.ModelRepository}.
 */
@NullMarked
package io.radnet.exporter.repository;

import org.jspecify.annotations.NullMarked;
