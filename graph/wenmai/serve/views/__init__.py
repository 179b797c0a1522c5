"""Pages over the explorer's data: time, places, articles, comparison, questions, and what other sites may embed."""
