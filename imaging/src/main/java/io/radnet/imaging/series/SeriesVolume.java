package io.radnet.imaging.series;

import io.radnet.imaging.volume.Volume;

/**
 * One 3D volume of a series.
 *
 * @param name made of the series' path and the volume's index; safe as a file name
 * @param volume values in the units of the scan
 * @param stack the frames it was made of
 */
public record SeriesVolume(String name, Volume volume, Stack stack) {}
