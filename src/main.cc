#include "cli/cli.h"

int main(int argc, char** argv) { return landfall::cli::run(argc, argv); }
