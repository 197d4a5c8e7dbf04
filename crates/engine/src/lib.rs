//! Documents to a knowledge base, questions to original sentences.
